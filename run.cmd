@echo off
rem Starts Corral; for a double click as much as for a prompt.
cd /d "%~dp0"
where node >nul 2>nul
if errorlevel 1 (
  echo Corral needs Node 20.19+, 22.12+ or 24+, and there is none. Get it from https://nodejs.org
  pause
  exit /b 1
)
call npm start
if errorlevel 1 pause
